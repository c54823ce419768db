/** What is installed beside Continuo and doesn't fit is named at the start, with what is needed. */
import { expect, it } from 'vitest';
import { ordinaryProject } from '../support/ordinary-project.js';

const manifest = { name: 'shop', private: true, type: 'module', overrides: { 'file-type': '21.3.4' } };
const program = `import { startServer } from '@continuo/server';
await startServer({ agents: [] });
`;

it.each([
  {
    what: 'Nest 11',
    packages: [
      '@nestjs/common@11',
      '@nestjs/core@11',
      '@nestjs/platform-express@11',
      'rxjs',
      'reflect-metadata',
      'zod@4',
    ],
    says: /Continuo needs Nest 12, and finds @nestjs\/common 11\.\d+\.\d+\. Run: npm install @nestjs\/common@12 @nestjs\/core@12/,
  },
  {
    what: 'zod 3',
    packages: [
      '@nestjs/common@12',
      '@nestjs/core@12',
      '@nestjs/platform-express@12',
      'rxjs',
      'reflect-metadata',
      'zod@3',
    ],
    says: /Continuo needs zod 4, and finds zod 3\.\d+\.\d+\. Run: npm install zod@4/,
  },
])('a project with $what', async ({ packages, says }) => {
  const project = await ordinaryProject();
  await project.write({ 'package.json': manifest, 'main.js': program });
  await project.npm('install', ...packages);
  // npm itself refuses what a peer dependency excludes.
  const refused = await project.run('npm', 'install', '@continuo/server');
  expect(refused.all).toMatch(/ERESOLVE/);
  await project.npm('install', '@continuo/server', '--legacy-peer-deps');
  const { code, all } = await project.run('node', 'main.js');
  expect(all).toMatch(says);
  expect(code).toBe(1);
});
