import './style/base.css';
import './style/tables.css';
import './style/charts.css';
import './style/run.css';
import './style/runs.css';
import { firstAddress } from './api.ts';
import { startKeyboard } from './keyboard/help-dialog.ts';
import { parseRoute, type Route } from './router.ts';
import { showComparison } from './views/compare-view.ts';
import { showProblem } from './views/notice.ts';
import { showRun } from './views/run-view.ts';
import { showRuns } from './views/runs-view.ts';

/** Draws one view into the outlet and lets go of everything it holds when the signal aborts. */
function show(route: Route, outlet: HTMLElement, signal: AbortSignal): Promise<void> {
  switch (route.view) {
    case 'runs':
      return showRuns(outlet, route, signal);
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
  const draw = async () => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    try {
      await show(parseRoute(location.hash || firstAddress), outlet, signal);
    } catch (error) {
      if (!signal.aborted) showProblem(outlet, error, draw);
    }
  };
  addEventListener('hashchange', () => {
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
