#!/usr/bin/env node
/** The `podometer` program. */
import { runProgram } from './program.ts';

await runProgram(false);
