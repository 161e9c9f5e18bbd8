import { text } from '../arguments.ts';
import { defineCommand, flag, list, value } from '../command.ts';
import { clusterOptions } from '../history-client/history-options.ts';
import { type ChangedPod, printChanged } from '../manifest/changed-manifests.ts';
import { type LabelChange, type Labelling, labelled, unlabelled } from '../manifest/label.ts';
import type { PodTemplate } from '../manifest/pod-template.ts';
import { rolloutOf } from '../manifest/rollout.ts';
import { usageError } from '../usage-error.ts';

const SAID: Readonly<Record<LabelChange, string>> = {
  added: 'its pods will be measured',
  removed: 'its pods will no longer be measured',
  unchanged: 'nothing to change',
};

export const labelCommand = defineCommand({
  name: 'label',
  summary: 'put the label that asks for measuring on the pods of a workload',
  usage: '-f FILE… | KIND/NAME… [OPTIONS]',
  operands: { least: 0, most: 100 },
  options: {
    file: list('FILE', 'print this manifest with the label added; - is the standard input', text, 'f'),
    namespace: value('NAMESPACE', "of KIND/NAME (the kubeconfig's)", text, 'n'),
    context: clusterOptions.context,
    kubeconfig: clusterOptions.kubeconfig,
    remove: flag('take the label off'),
    json: flag('tell what was done as JSON: with -f on stderr'),
  },
  examples: [
    { line: 'podometer label -f job.yaml | kubectl apply -f -', says: 'in a manifest, comments and all' },
    { line: 'podometer label deploy/web', says: 'in the cluster that the kubeconfig names' },
  ],
  notes: [
    'The label goes on the pod template, because only pods that are made from then on are measured. To change the template of a Deployment, StatefulSet or DaemonSet rolls it: its pods are made anew.',
  ],
  async run(context, { options, operands }) {
    const change = options.remove ? unlabelled : labelled;
    if (options.file.length > 0 && operands.length > 0) {
      throw usageError('-f and KIND/NAME were both given', 'Give one of them.');
    }
    if (options.file.length > 0) {
      const { file: files, json } = options;
      const changeOf = (template: PodTemplate) => changedPod(template, change(template.pod));
      await printChanged({ files, change: changeOf, json }, context);
      return 0;
    }
    if (operands.length === 0) {
      throw usageError(
        'label needs a manifest or a workload',
        'Give -f FILE, or KIND/NAME such as deploy/web.',
      );
    }
    const { labelInCluster } = await import('../cluster/label-in-cluster.ts');
    return labelInCluster(context, operands, options);
  },
});

function changedPod({ kind, workloadSpec }: PodTemplate, { pod, change }: Labelling): ChangedPod {
  const rollout = rolloutOf(kind, workloadSpec, 'to apply it rolls the workload');
  const said = change === 'unchanged' || rollout === undefined ? [] : [rollout];
  return { pod, said: [SAID[change], ...said].join('; ') };
}
