import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Drags over the first element that matches, from one share of its width to another. */
export async function dragOver(page: Page, selector: string, from: number, to: number): Promise<void> {
  const element = page.locator(selector).first();
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width * from, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 4 });
  await page.mouse.up();
}
