#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runSource } from './compiled.js'

await runSource(fileURLToPath(new URL('../cli/main.ts', import.meta.url)))
