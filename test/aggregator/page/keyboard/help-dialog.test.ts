import assert from 'node:assert/strict';
import { assertAccessible } from '../accessibility.ts';
import { pageTest, until } from '../page-session.ts';

const OPEN = 'dialog.keys[open]';

for (const dark of [false, true]) {
  pageTest(
    `the question mark lists the keys in ${dark ? 'dark' : 'light'}, and Escape gives the focus back`,
    { address: '#/nowhere', dark, width: 400 },
    async ({ page }) => {
      await page.getByRole('link', { name: 'All runs' }).focus();
      await page.keyboard.press('?');
      await page.locator(OPEN).waitFor();
      assert.match((await page.locator(OPEN).textContent()) ?? '', /\?Show these keys/);
      await assertAccessible(page);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator(OPEN).count(), 0);
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'All runs');
    },
  );
}

pageTest(
  'keys that were turned off stay off when the page is opened again, and the button still leads to them',
  { address: '#/nowhere' },
  async ({ page }) => {
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByLabel('Keys do this').uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.reload();
    await page.keyboard.press('?');
    assert.equal(await page.locator(OPEN).count(), 0);
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByLabel('Keys do this').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await until(page, `document.querySelector('${OPEN}') !== null`);
  },
);
