/** Who may do what once the chart is installed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ClusterRole, V1PolicyRule, V1Role } from '@kubernetes/client-node';
import { accessObjects } from '../../injector/controller/objects/access.ts';
import { API_GROUP } from '../../protocol/names.ts';
import { Authorizer } from './authorizer.ts';
import { one, type Rendered, render } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

const INJECTOR = 'podometer-injector';
const SYSTEM = 'podometer-system';

function rolesOf(objects: readonly Rendered[]): (V1Role & V1ClusterRole)[] {
  return objects.filter(({ kind }) => /^(Cluster)?Role$/.test(kind)) as never;
}

function shown({ apiGroups = [], resources = [], resourceNames, verbs }: V1PolicyRule): string {
  const names = resourceNames === undefined ? '' : ` ${resourceNames}`;
  return `${verbs} ${apiGroups}/${resources}${names}`;
}

test('no rule has a wildcard', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const rules = rolesOf(objects).flatMap((role) => role.rules ?? []);
  assert.deepEqual(rules.filter((rule) => shown(rule).includes('*')).map(shown), []);
});

test('the injector may see and make Secrets by name alone, and only three of them', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const authorizer = new Authorizer(objects, INJECTOR);
  const rules = authorizer.rules(SYSTEM).filter(({ resources }) => resources?.includes('secrets'));
  assert.deepEqual(rules.map(shown), [
    'get,list,watch,create,patch /secrets podometer-aggregator-tls,podometer-aggregator-forward',
    'get,update /secrets podometer-ca',
  ]);
  // The second one in its own namespace alone.
  const elsewhere = {
    verb: 'get',
    apiGroup: '',
    resource: 'secrets',
    namespace: 'team',
    name: 'podometer-ca',
  };
  assert.equal(authorizer.allows(elsewhere), false);
});

test('whatever the injector may change without a name is of a kind that gives no rights', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const changing = new Authorizer(objects, INJECTOR)
    .rules(SYSTEM)
    .filter(
      ({ verbs, resourceNames }) =>
        resourceNames === undefined && /create|patch|update|delete/.test(`${verbs}`),
    );
  assert.deepEqual(changing.map(shown), [
    'update podometer.dev/metricsets/status',
    'get,list,watch,create,delete batch/jobs',
    'get,list,watch,create,delete jobset.x-k8s.io/jobsets',
    'get,list,create,delete /persistentvolumeclaims',
    'create /events',
    'get,list,update,delete,backup podometer.dev/runs',
    // The API server lets nobody bind a role that they neither hold nor may bind.
    'get,create,patch rbac.authorization.k8s.io/clusterrolebindings',
    'create coordination.k8s.io/leases',
  ]);
});

test('the injector has every right that it gives to aggregators', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const authorizer = new Authorizer(objects, INJECTOR);
  const given = accessObjects({ metadata: { name: 'team', uid: '1' } }) as (V1Role & V1ClusterRole)[];
  const rules = given.flatMap((object) => (object.kind === 'Role' ? (object.rules ?? []) : []));
  assert.ok(rules.length > 0);
  for (const { apiGroups = [], resources = [], verbs } of rules) {
    for (const verb of verbs) {
      for (const resource of resources) {
        const asked = { verb, apiGroup: apiGroups[0] ?? '', resource, namespace: 'team', name: undefined };
        assert.ok(authorizer.allows(asked), `${verb} ${resource}`);
      }
    }
  }
  const bind = {
    verb: 'bind',
    apiGroup: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    namespace: undefined,
  };
  assert.ok(authorizer.allows({ ...bind, name: 'system:auth-delegator' }));
  assert.equal(authorizer.allows({ ...bind, name: 'cluster-admin' }), false);
});

test('the injector may do what pods and MetricSets ask of it, and no more to others', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const authorizer = new Authorizer(objects, INJECTOR);
  const team = '/namespaces/team';
  const needed = [
    `GET /apis/apps/v1${team}/replicasets/web-1`,
    `GET /apis/batch/v1${team}/jobs/train`,
    `GET /apis/podometer.dev/v1alpha1${team}/metricsets/disks`,
    `PUT /apis/podometer.dev/v1alpha1${team}/metricsets/disks/status`,
    `POST /apis/batch/v1${team}/jobs`,
    `DELETE /apis/batch/v1${team}/jobs/disks-1`,
    `GET /api/v1${team}/events?fieldSelector=reason=FailedCreate`,
    `POST /apis/jobset.x-k8s.io/v1alpha2${team}/jobsets`,
    `POST /api/v1${team}/persistentvolumeclaims`,
    `DELETE /api/v1${team}/persistentvolumeclaims/disks-1`,
    `POST /api/v1${team}/events`,
    `GET /api/v1${team}/events?fieldSelector=involvedObject.name%3Dpodometer-aggregator`,
    'GET /api/v1/secrets?watch=true&fieldSelector=metadata.name%3Dpodometer-aggregator-tls',
    `GET /api/v1${team}/pods?labelSelector=a`,
  ];
  assert.deepEqual(
    needed.flatMap((line) => authorizer.refusals(line)),
    [],
  );
  const refused = [
    `GET /api/v1${team}/secrets`,
    'GET /api/v1/secrets?watch=true',
    'GET /api/v1/secrets?fieldSelector=metadata.name%3Dpassword',
    `GET /api/v1${team}/secrets/password`,
    `POST /api/v1${team}/secrets`,
    `PATCH /api/v1${team}/secrets/password?fieldManager=podometer`,
    `POST /api/v1${team}/pods`,
    `PATCH /apis/apps/v1${team}/statefulsets/database?fieldManager=podometer`,
    `PATCH /apis/rbac.authorization.k8s.io/v1${team}/roles/admin?fieldManager=podometer`,
    `DELETE /apis/apps/v1${team}/statefulsets/podometer-aggregator`,
    `DELETE /api/v1/namespaces/team`,
    `PATCH /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/others`,
  ];
  for (const line of refused) assert.notDeepEqual(authorizer.refusals(line), [], line);
});

for (const mode of ['a given authority', 'cert-manager']) {
  test(`${mode}: the injector may change neither the authority nor whom the API server trusts`, async (t) => {
    const objects = await render(t, VALUE_SETS[mode]);
    if (objects === undefined) return;
    const rules = new Authorizer(objects, INJECTOR).rules(SYSTEM);
    const name = mode === 'cert-manager' ? 'podometer-ca' : 'our-authority';
    assert.ok(rules.map(shown).includes(`get /secrets ${name}`));
    const ofWebhook = rules.filter(({ resources }) => resources?.includes('mutatingwebhookconfigurations'));
    assert.deepEqual(ofWebhook.map(shown), [
      'get admissionregistration.k8s.io/mutatingwebhookconfigurations podometer',
    ]);
  });
}

test('who views a namespace may read its runs, who edits it may change them, who administers it may copy all', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const verbsFor = (role: string): string[] => {
    const rules = rolesOf(objects)
      .filter(
        ({ metadata }) => metadata?.labels?.[`rbac.authorization.k8s.io/aggregate-to-${role}`] === 'true',
      )
      .flatMap((one) => one.rules ?? []);
    return rules
      .filter(({ apiGroups, resources }) => apiGroups?.includes(API_GROUP) && resources?.includes('runs'))
      .flatMap(({ verbs }) => verbs);
  };
  assert.deepEqual(verbsFor('view'), ['get', 'list']);
  assert.deepEqual(verbsFor('edit').sort(), ['delete', 'get', 'list', 'update']);
  assert.deepEqual(verbsFor('admin').sort(), ['backup', 'delete', 'get', 'list', 'update']);
});

test('a reader reaches the ports of no pod but the aggregator', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const { rules = [] } = one<V1ClusterRole>(objects, 'ClusterRole', 'podometer-reader');
  const forwards = rules.filter(({ resources }) => resources?.includes('pods/portforward'));
  assert.deepEqual(forwards.map(shown), ['get,create /pods/portforward podometer-aggregator-0']);
});

test('nobody is given anything by their cluster role where the values say so', async (t) => {
  const objects = await render(t, VALUE_SETS['without policies and roles']);
  if (objects === undefined) return;
  const labels = rolesOf(objects).flatMap(({ metadata }) => Object.keys(metadata?.labels ?? {}));
  assert.deepEqual(
    labels.filter((label) => label.includes('aggregate-to')),
    [],
  );
});
