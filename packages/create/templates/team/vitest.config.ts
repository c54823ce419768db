/** How the tests run: TypeScript is compiled as in the build, with the metadata by which services are injected. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { include: ['test/**/*.test.ts'] },
});
