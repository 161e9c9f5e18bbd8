/** database.ts SECONDS FILE: a database under load: orders that come in, are changed and are counted; ends by itself. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const ORDERS_A_COMMIT = 20;
const PAUSE_MS = 15;

const [seconds = '10', file = ':memory:'] = process.argv.slice(2);
const untilMs = performance.now() + Number(seconds) * 1000;

const database = new DatabaseSync(file);
database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, amount REAL, state TEXT)');
database.exec('CREATE INDEX by_customer ON orders (customer)');
const insert = database.prepare("INSERT INTO orders (customer, amount, state) VALUES (?, ?, 'new')");
const change = database.prepare("UPDATE orders SET state = 'paid' WHERE customer = ?");
const count = database.prepare(
  'SELECT customer, sum(amount) FROM orders GROUP BY customer ORDER BY 2 DESC LIMIT 5',
);

for (let round = 0; performance.now() < untilMs; round++) {
  database.exec('BEGIN');
  for (let i = 0; i < ORDERS_A_COMMIT; i++) insert.run((round * 31 + i * 17) % 997, (round + i) / 10);
  change.run(round % 997);
  database.exec('COMMIT');
  if (round % 50 === 0) count.all();
  await delay(PAUSE_MS);
}
database.close();
