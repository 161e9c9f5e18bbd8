import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * Builds the agent of a pod into dist, beside the program and into one file, which every pod that is measured holds in
 * memory. CommonJS, because to import a module of Node's loads all that the module loads only when it is asked for.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [plainAscii()],
  build: {
    ssr: 'cli/pod-agent.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node24',
    minify: true,
    sourcemap: true,
    rolldownOptions: {
      output: {
        format: 'cjs',
        entryFileNames: 'podometer-agent.cjs',
        chunkFileNames: 'podometer-agent-[name].cjs',
      },
    },
  },
});

/** One character beyond Latin-1 would double what the source takes in memory. */
function plainAscii(): Plugin {
  return {
    name: 'plain-ascii',
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk') part.code = part.code.replace(/[^\0-\x7f]/g, escaped);
      }
    },
  };
}

/** One UTF-16 unit. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
