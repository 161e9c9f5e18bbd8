/**
 * Who may do what. `podometer serve` asks for a token of its own (local-access.ts); in a cluster the API server says who
 * somebody is and what they may do (cluster-access.ts).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Batch } from '../../protocol/batch.ts';

/** What somebody may do with runs, as roles of the cluster name it. */
export type RunVerb = 'get' | 'list' | 'update' | 'delete' | 'backup';

/** Whose agent sends: the pod that its token is bound to. */
export interface AgentPod {
  readonly name: string;
  readonly uid: string;
}

export interface Access {
  /** Before anything of the request is read. Throws PODO_UNAUTHORIZED or PODO_FORBIDDEN…; may answer by itself. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Once it is known what an agent sends: throws PODO_FORBIDDEN where it is not for its own pod. */
  admitBatch?(request: FastifyRequest, batch: Batch): void;
}
