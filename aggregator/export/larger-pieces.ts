const PIECE_CHARACTERS = 64 * 1024;

/** The same text in fewer pieces: each write of a small one would cost more than what it holds. */
export function* largerPieces(pieces: Iterable<string>): Generator<string> {
  let pending = '';
  for (const piece of pieces) {
    pending += piece;
    if (pending.length < PIECE_CHARACTERS) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}
