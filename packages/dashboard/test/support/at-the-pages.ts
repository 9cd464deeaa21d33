import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

import { enter, inDemo, login, settle, visit, type Visitor } from './visitor.ts';

export interface AtThePages {
  readonly visitor: Visitor;
  /** Of the owner. */
  readonly token: string;
  /** Opens a page of the demo organization, as the owner unless another token is given, and waits until it is whole. */
  open(path: string, as?: string): Promise<Visitor['page']>;
}

/** For each test of a file a visitor of its own, of whom nothing may have gone wrong unseen. */
export function atThePages(): AtThePages {
  let visitor: Visitor;
  let token: string;
  beforeAll(async () => {
    token = await login();
  });
  beforeEach(async () => {
    visitor = await visit();
  });
  afterEach(async () => {
    const { complaints } = visitor;
    await visitor.leave();
    // eslint-disable-next-line vitest/no-standalone-expect
    expect(complaints).toEqual([]);
  });
  return {
    get visitor() {
      return visitor;
    },
    get token() {
      return token;
    },
    async open(path, as = token) {
      await enter(visitor.page, inDemo(path), as);
      await settle(visitor.page);
      return visitor.page;
    },
  };
}
