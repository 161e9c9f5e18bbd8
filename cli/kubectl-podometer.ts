#!/usr/bin/env node
/** The same program as a plugin of kubectl, which finds it by this name and calls it for `kubectl podometer`. */
import { runProgram } from './program.ts';

await runProgram(true);
