import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataFolder } from '../../cli/data-folder.ts';

function folder(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = 'linux',
): string {
  return dataFolder(option, { env, platform, cwd: '/work', homeFolder: '/home/me' });
}

test('--data comes before PODOMETER_DATA, and both before the platform', () => {
  const env = { PODOMETER_DATA: '/from/env', XDG_DATA_HOME: '/xdg' };
  assert.equal(folder('here', env), '/work/here');
  assert.equal(folder(undefined, env), '/from/env');
  assert.equal(folder(undefined, { ...env, PODOMETER_DATA: '' }), '/xdg/podometer');
});

test('each platform has its folder for the data of a user', () => {
  assert.equal(folder(undefined, {}), '/home/me/.local/share/podometer');
  assert.equal(folder(undefined, {}, 'darwin'), '/home/me/Library/Application Support/podometer');
  assert.equal(folder(undefined, { LOCALAPPDATA: '/local' }, 'win32'), '/local/podometer');
});

test('a relative XDG_DATA_HOME is ignored, as its specification says', () => {
  assert.equal(folder(undefined, { XDG_DATA_HOME: 'data' }), '/home/me/.local/share/podometer');
});
