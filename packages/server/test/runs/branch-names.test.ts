/** What branches are called in the journal, and to people. */
import { describe as describeEntry } from '@continuo/agent/internal/runs/journal-entry.js';
import { branchNameIn, branchScope } from '@continuo/agent/internal/runs/names.js';
import { expect, it } from 'vitest';

const NAMES = ['email', 'a/b', 'order #5', '100%', '%2F', 'a%25b#2', 'übung/☂'];

it('is a path of its own for each name and number, and the name again for people', () => {
  const scopes = NAMES.flatMap((name) => [1, 2].map((number) => branchScope(name, number)));
  expect(new Set(scopes).size).toBe(scopes.length);
  expect(scopes.filter((scope) => scope.includes('/'))).toEqual([]);
  expect(NAMES.map((name) => branchNameIn(branchScope(name, 1)))).toEqual(NAMES);
});

it('says to people where an entry is, in the names that the agent uses', () => {
  const branch = `${branchScope('a/b', 1)}/${branchScope('order #5', 2)}`;
  const entry = { branch, kind: 'step', name: 'load', occurrence: 1 } as const;
  expect(describeEntry(entry)).toBe('step "load" in branch a/b/order #5#2');
});
