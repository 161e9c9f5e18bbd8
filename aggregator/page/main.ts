import './style/base.css';
import './style/tables.css';
import './style/charts.css';
import './style/run.css';
import './style/runs.css';
import './style/runs-filter.css';
import './style/selection.css';
import './style/state.css';
import { firstAddress } from './api.ts';
import { startKeyboard } from './keyboard/help-dialog.ts';
import { type Adopts, parseRoute, type Route } from './router.ts';
import { showComparison } from './views/compare-view.ts';
import { showProblem } from './views/notice.ts';
import { showRun } from './views/run-view.ts';
import { showRuns } from './views/runs-view.ts';

/** Draws one view into the outlet and lets go of everything it holds when the signal aborts. */
async function show(route: Route, outlet: HTMLElement, signal: AbortSignal): Promise<Adopts | undefined> {
  switch (route.view) {
    case 'runs':
      await showRuns(outlet, route, signal);
      return undefined;
    case 'run':
      return showRun(outlet, route, signal);
    case 'compare':
      return showComparison(outlet, route, signal);
    case 'unknown':
      throw new Error(`There is no view at ${route.path}.`);
  }
}

function start(outlet: HTMLElement): void {
  let current = new AbortController();
  let adopts: Adopts | undefined;
  const route = () => parseRoute(location.hash || firstAddress);
  const draw = async () => {
    current.abort();
    current = new AbortController();
    adopts = undefined;
    const { signal } = current;
    try {
      const shown = await show(route(), outlet, signal);
      if (!signal.aborted) adopts = shown;
    } catch (error) {
      if (!signal.aborted) showProblem(outlet, error, draw);
    }
  };
  addEventListener('hashchange', () => {
    if (adopts?.(route())) return;
    outlet.focus({ preventScroll: true });
    scrollTo(0, 0);
    void draw();
  });
  void draw();
}

const outlet = document.getElementById('outlet');
const masthead = document.querySelector<HTMLElement>('.masthead');
if (masthead) startKeyboard(masthead);
if (outlet) start(outlet);
