/** Entity tags for what is made from the samples of a sealed run, which never change. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { RunRecord } from '../store/model.ts';

/** The client's own copy still holds; there is no body. */
export const NotModified = Type.Null({ description: 'The answer with this entity tag still holds' });

/** Raised when the same samples give other answers than before. */
const ANSWER_VERSION = 2;

/** Not for ever: a run may be deleted, and its copies should follow some day. */
const IMMUTABLE = 'private, max-age=86400, immutable';

/**
 * Sets the entity tag of an answer about this run, and says whether the client has that answer already. The samples
 * of a run that is not sealed may still change, so its answers have no tag. Where the run has ended and the address
 * names it by its whole id, the client need not even ask again; other names may come to mean another run.
 */
export function isKnownAnswer(
  record: RunRecord,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): boolean {
  if (!record.sealed) return false;
  const tag = entityTag(record, request.url);
  const isFinal =
    request.params.id === record.id &&
    [...record.members, ...(record.pods ?? [])].every(({ outcome }) => outcome);
  reply.header('etag', tag).header('cache-control', isFinal ? IMMUTABLE : 'private, no-cache');
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  return known.includes(tag);
}

function entityTag({ id, members, pods, thinned }: RunRecord, address: string): string {
  const parts = [ANSWER_VERSION, id, members.map((member) => member.lastSequence), pods, thinned, address];
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
}
