import type { CompareAnswer } from '../../../protocol/comparison.ts';
import { element } from '../element.ts';
import { addressOf } from '../router.ts';
import type { CompareRoute } from './compare-address.ts';

/** How sides are judged: the smallest change worth naming, and which measures; a change leads to another address. */
export function settingsForm({ settings }: CompareAnswer, route: CompareRoute): HTMLElement {
  const effect = element('input', { type: 'number', name: 'effect', min: '0', max: '100', step: 'any' });
  effect.value = String(Number((settings.effect * 100).toPrecision(6)));
  const measures = element('input', {
    type: 'text',
    name: 'measures',
    placeholder: 'all measures',
    autocomplete: 'off',
    spellcheck: 'false',
    title: 'Names of measures with commas between, such as wall,peakRss: fewer need fewer runs to be judged',
  });
  measures.value = route.measures ?? '';
  const open = (): void => {
    const { effect: _, measures: __, ...rest } = route;
    const share = Number.parseFloat(effect.value) / 100;
    const names = measures.value.trim();
    location.hash = addressOf({
      ...rest,
      ...(names !== '' && { measures: names }),
      ...(share >= 0 && { effect: share }),
    });
  };
  for (const input of [effect, measures]) input.addEventListener('change', open);
  return element(
    'div',
    { class: 'bar settings' },
    element('label', { class: 'check' }, 'Name changes from ', effect, ' %'),
    element('label', { class: 'check' }, 'Judge only ', measures),
  );
}
