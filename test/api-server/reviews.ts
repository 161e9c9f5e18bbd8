/** TokenReview and SubjectAccessReview of the API server double. */

import type { ApiServer } from './api-server.ts';
import { sendJson } from './fault.ts';

export interface KnownToken {
  readonly username: string;
  /** For whom it is made out; undefined: the API server. */
  readonly audience?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface TokenReviewSpec {
  readonly token: string;
  readonly audiences?: readonly string[];
}

interface AccessReviewSpec {
  readonly user: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
}

const GROUPS = {
  tokens: '/apis/authentication.k8s.io/v1/tokenreviews',
  access: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
} as const;

/** What is asked is answered from `tokens`, which a test may change, and by `may`, given `VERB RESOURCE.GROUP in NAMESPACE`. */
export function answerReviews(
  server: ApiServer,
  tokens: ReadonlyMap<string, KnownToken>,
  may: (user: string, what: string) => boolean,
): void {
  server.store.define('authentication.k8s.io/v1 tokenreviews');
  server.store.define('authorization.k8s.io/v1 subjectaccessreviews');
  server.answers.set(`POST ${GROUPS.tokens}`, (_server, { body }, response) => {
    const { token, audiences } = (body as { spec: TokenReviewSpec }).spec;
    const known = tokens.get(token);
    const isMeant =
      known !== undefined && (audiences?.includes(known.audience ?? '') ?? known.audience === undefined);
    const { username, groups = [], extra = {} } = known ?? { username: '' };
    const status = isMeant
      ? {
          authenticated: true,
          user: { username, groups, extra },
          ...(audiences && { audiences: [known.audience] }),
        }
      : { authenticated: false };
    sendJson(response, 201, { kind: 'TokenReview', status });
  });
  server.answers.set(`POST ${GROUPS.access}`, (_server, { body }, response) => {
    const { user, resourceAttributes } = (body as { spec: AccessReviewSpec }).spec;
    const { verb, resource, group, namespace } = resourceAttributes;
    const allowed = may(user, `${verb} ${resource}.${group} in ${namespace}`);
    sendJson(response, 201, { kind: 'SubjectAccessReview', status: { allowed } });
  });
}
