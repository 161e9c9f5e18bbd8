import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Drags over the first element that matches, from one share of its width to another. */
export async function dragOver(page: Page, selector: string, from: number, to: number): Promise<void> {
  const place = page.locator(selector).first();
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width * from, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 4 });
  await page.mouse.up();
}
