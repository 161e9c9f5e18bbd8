/**
 * Lays the image's file system into a folder without a container engine: `npm run image:rootfs DIR`, after `npm run
 * build`. The same tree as the Dockerfile makes, on top of the C library of this machine in place of a base image.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { IMAGE_AUTHORITIES, IMAGE_COMMAND, IMAGE_MAIN, IMAGE_NODE } from '../protocol/image.ts';

const SOURCE = join(import.meta.dirname, '..');
const SHIPPED = ['dist', 'examples', 'LICENSE', 'package.json', 'package-lock.json', '.npmrc'];
/** Node itself lies elsewhere in the image; these bring it to checkouts. */
const NODE_PACKAGES = /^node-(bin-)?(linux|darwin|win)/;
/** That storage metrics start. */
const STORAGE_TOOLS = ['fio', 'ioping'];
/** Mount points and what programs expect to be there, for whatever user. */
const FOLDERS = ['dev', 'etc', 'proc', 'sys', 'tmp', 'var/lib/podometer', 'var/run/podometer'];

/**
 * Answers the storage tools that the image lacks, as they are not installed here. Throws where `root` is not empty, or the
 * program is not built.
 */
export function layRootfs(root: string): string[] {
  if (existsSync(root) && readdirSync(root).length > 0) throw new Error(`${root} is not empty`);
  if (!existsSync(join(SOURCE, 'dist', 'podometer.js'))) throw new Error('not built yet: npm run build');
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  chmodSync(root, 0o755);
  chmodSync(join(root, 'tmp'), 0o1777);
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/sbin/nologin\n');
  if (existsSync(IMAGE_AUTHORITIES)) copy(IMAGE_AUTHORITIES, join(root, IMAGE_AUTHORITIES));
  layBinary(root, process.execPath, IMAGE_NODE);
  layProgram(join(root, dirname(dirname(IMAGE_MAIN))));
  chmodSync(join(root, IMAGE_MAIN), 0o755);
  symlinkSync(IMAGE_MAIN, join(root, IMAGE_COMMAND));
  // The first line of a script names it.
  layBinary(root, '/usr/bin/env', '/usr/bin/env');
  return STORAGE_TOOLS.filter((tool) => {
    const path = pathOf(tool);
    if (path !== undefined) layBinary(root, path, join('/usr/bin', tool));
    return path === undefined;
  });
}

function pathOf(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** With the shared libraries that it names. */
function layBinary(root: string, from: string, to: string): void {
  copy(from, join(root, to));
  const listed = execFileSync('ldd', [from], { encoding: 'utf8' });
  for (const [, library = ''] of listed.matchAll(/(\/\S+)(?= \(0x)/g)) {
    // Another one's too.
    if (!existsSync(join(root, library))) copy(library, join(root, library));
  }
}

function layProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of SHIPPED) copy(join(SOURCE, name), join(folder, name));
  execFileSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const modules = join(folder, 'node_modules');
  for (const name of readdirSync(modules).filter((name) => NODE_PACKAGES.test(name))) {
    rmSync(join(modules, name), { recursive: true });
  }
  rmSync(join(modules, '.bin'), { recursive: true, force: true });
}

/** Links are followed: what they point to may not be in the image. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
}

if (import.meta.main) {
  const [root] = process.argv.slice(2);
  if (root === undefined) throw new Error('usage: npm run image:rootfs DIR');
  for (const tool of layRootfs(root)) {
    process.stderr.write(`${tool} is not installed here, so the image cannot measure volumes with it\n`);
  }
}
