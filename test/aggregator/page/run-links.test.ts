import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { serveComparison as serve } from './compare-server.ts';
import { servedPageTest, until } from './page-session.ts';

servedPageTest(
  'a run leads out as a file, and into comparisons in one click',
  { address: '#/runs/train@8', serve },
  async ({ page }) => {
    const links = page.getByRole('navigation', { name: 'This run' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      links.getByRole('link', { name: 'Parquet' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'train@8.parquet');
    assert.equal(
      readFileSync(await download.path())
        .subarray(0, 4)
        .toString(),
      'PAR1',
    );
    await links.getByRole('link', { name: 'Make it the baseline' }).click();
    await page.getByRole('heading', { level: 1, name: 'train@8 and train@12' }).waitFor();
    await page.goBack();
    await links.getByRole('link', { name: 'Compare with the good runs before' }).click();
    await page.getByRole('heading', { level: 1, name: 'train@last:10 (7 runs) and train@8' }).waitFor();
    await until(page, `document.querySelectorAll('.overlay canvas').length >= 4`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save as one HTML file' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'train@last_10_and_train@8.html');
    assert.match(readFileSync(await file.path(), 'utf8'), /<script type="application\/json" id="snapshot">/);
  },
);
