/** Entity tags for what is made from the samples of a sealed run, which never change. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { RunRecord } from '../store/model.ts';

/** The client's own copy still holds; there is no body. */
export const NotModified = Type.Null({ description: 'The answer with this entity tag still holds' });

/** Raised when the same samples give other answers than before. */
const ANSWER_VERSION = 1;

/**
 * Sets the entity tag of an answer about this run, and says whether the client has that answer already. The samples
 * of a run that is not sealed may still change, so its answers have no tag.
 */
export function isKnownAnswer(record: RunRecord, request: FastifyRequest, reply: FastifyReply): boolean {
  if (!record.sealed) return false;
  const tag = entityTag(record, request.url);
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  return known.includes(tag);
}

function entityTag({ id, members }: RunRecord, address: string): string {
  const parts = [ANSWER_VERSION, id, members.map((member) => member.lastSequence), address];
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
}
