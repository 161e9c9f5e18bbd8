import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseNode, type KubeNode } from './nodes.ts';

const CONTROL_PLANE = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

function node(hostname: string, spec: KubeNode['spec'] = {}, ready = 'True'): KubeNode {
  return {
    metadata: { labels: { 'kubernetes.io/hostname': hostname } },
    spec,
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

test('a node is chosen that is Ready and takes any pod', () => {
  const nodes = [
    node('control', { taints: [CONTROL_PLANE] }),
    node('away', {}, 'Unknown'),
    node('cordoned', { unschedulable: true }),
    node('worker', { taints: [{ key: 'spot', effect: 'PreferNoSchedule' }] }),
  ];
  assert.deepEqual(chooseNode(nodes), { hostname: 'worker', tolerations: [] });
});

test('where every node has a taint, one is chosen with what tolerates it, but none with a fault', () => {
  const full = { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' };
  assert.equal(chooseNode([node('full', { taints: [full] })]), undefined);
  assert.deepEqual(
    chooseNode([node('full', { taints: [full] }), node('control', { taints: [CONTROL_PLANE] })]),
    { hostname: 'control', tolerations: [{ ...CONTROL_PLANE, operator: 'Exists' }] },
  );
});
