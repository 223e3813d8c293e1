/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vite';

/**
 * `index.html` is the product. `preview.html` runs the same interface over an in-memory world, in a browser; it is
 * built by `--mode preview` only, so the in-memory world can never be part of what is shipped.
 */
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    target: ['es2022', 'safari16'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: mode === 'preview' ? 'preview.html' : 'index.html',
      // What the first picture needs is one file: each file is a trip to the program and back.
      output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    css: false,
    testTimeout: 60_000,
  },
}));
