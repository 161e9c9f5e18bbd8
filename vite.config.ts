import { defineConfig } from 'vite';

/**
 * Builds the program into dist: few files in place of one per module, because finding and loading a module takes longer
 * than running it (docs/decisions/0007-bundle.md). All lie in one folder, where a worker finds its file beside itself.
 */
export default defineConfig({
  // In about 370 files, of which a run would load each.
  ssr: { noExternal: ['typebox'] },
  build: {
    ssr: true,
    license: { fileName: 'licenses.md' },
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node24',
    // Sources are held in memory, comments and all, in every agent of a cluster.
    minify: true,
    sourcemap: true,
    rolldownOptions: {
      input: {
        podometer: 'cli/main.ts',
        'kubectl-podometer': 'cli/kubectl-podometer.ts',
        'launch-worker': 'agent/launch-worker.ts',
        'metadata-program': 'agent/storage-tools/metadata-program.ts',
        'host-facts-worker': 'agent/portable/host-facts-worker.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
