/** What must hold of every view: nothing foreign runs, nothing overflows, little is loaded. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { finishedRef, hostileRef } from './fixture-history.ts';
import { pageTest, texts } from './page-session.ts';

const hostile = `#/runs/${encodeURIComponent(hostileRef)}`;
const views = {
  runs: { address: '#/', ready: '.runs tbody tr' },
  run: { address: `#/runs/${encodeURIComponent(finishedRef)}`, ready: '.chart canvas' },
  comparison: { address: '#/compare?runs=train%4011%2Ctrain%4012', ready: '.caution' },
  'run of hostile names': { address: hostile, ready: '.chart canvas' },
};

for (const [name, { address, ready }] of Object.entries(views)) {
  for (const dark of [false, true]) {
    pageTest(
      `the ${name} fits 400 px in ${dark ? 'dark' : 'light'} without scrolling sideways`,
      { address, width: 400, dark },
      async ({ page }) => {
        await page.locator(ready).first().waitFor();
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 400);
      },
    );
  }
}

pageTest(
  'names, commands and tags of hostile processes are only ever text',
  { address: hostile },
  async ({ page }) => {
    await page.locator('.processes tbody tr').first().waitFor();
    assert.deepEqual(await texts(page, 'h1'), [hostileRef]);
    assert.match((await texts(page, '.command'))[0] ?? '', /<script>alert\(2\)<\/script> x{200}$/);
    assert.match((await texts(page, '.processes tbody th'))[0] ?? '', /^<b onclick=1>y{200}<iframe/);
    await page.goto(page.url().replace(/#.*/, '#/'));
    await page.locator('.runs tbody tr').first().waitFor();
    assert.ok((await texts(page, '.tag')).includes('note="><svg onload=alert(3)>'));
    const foreign =
      'main img, main script, main iframe, main b, main [onclick], main [onerror], main [onload]';
    assert.equal(await page.locator(foreign).count(), 0);
  },
);

pageTest(
  'an address of no view says so and leads back to the runs',
  { address: '#/nowhere' },
  async ({ page }) => {
    assert.match((await page.getByRole('alert').textContent()) ?? '', /There is no view at \/nowhere/);
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.locator('.runs tbody tr').first().waitFor();
  },
);

pageTest('the whole page is under 150 KB over the wire', { address: '' }, async ({ folder }) => {
  const names = await readdir(join(folder, 'assets'));
  const files = await Promise.all(
    ['index.html', ...names.map((name) => join('assets', name))].map((name) => readFile(join(folder, name))),
  );
  const total = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  assert.ok(total < 150_000, `${total} bytes`);
  assert.ok(
    names.every((name) => /-[\w-]{8}\.\w+$/.test(name)),
    'the name of every asset holds a hash, so that it may be cached for ever',
  );
});
