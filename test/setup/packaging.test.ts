// The packaging configuration, proven as far as it goes without Electron's binary: what is in the package and what is not.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
interface Manifest {
  readonly main: string;
  readonly homepage: string;
  readonly build: Readonly<Record<string, unknown>> & {
    readonly electronFuses: Readonly<Record<string, boolean>>;
    readonly fileAssociations: readonly Readonly<Record<string, string>>[];
    readonly linux: Readonly<Record<string, unknown>>;
    readonly win: Readonly<Record<string, unknown>>;
    readonly mac: Readonly<Record<string, unknown>>;
  };
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const build = manifest.build;

interface AsarFolder {
  readonly files: Readonly<Record<string, AsarFolder | Readonly<Record<string, unknown>>>>;
}
/** Paths in an asar archive, whose JSON index follows four 32-bit sizes, the last of which is its own. */
function packedFiles(archive: Buffer): string[] {
  const index = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as AsarFolder;
  const below = (folder: AsarFolder, path: string): string[] =>
    Object.entries(folder.files).flatMap(([name, entry]) =>
      'files' in entry ? below(entry as AsarFolder, `${path}/${name}`) : [`${path}/${name}`],
    );
  return below(index, '');
}

describe('packaging configuration', () => {
  it('closes every way to run the app as something else', () => {
    expect(build.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(build['asar']).toBe(true);
  });

  it('makes a package for each system', () => {
    expect([build.linux['target'], build.win['target'], build.mac['target']]).toEqual([
      ['deb', 'AppImage'],
      ['nsis'],
      ['dmg'],
    ]);
  });

  it('names what a Debian package must name', () => {
    expect(build.linux['maintainer']).toMatch(/^.+ <.+@.+>$/);
    expect(URL.canParse(manifest.homepage)).toBe(true);
  });

  it('opens project files', () => {
    expect(build.fileAssociations).toEqual([
      expect.objectContaining({ ext: 'overfit', mimeType: 'application/x-overfit', role: 'Editor' }),
    ]);
  });

  it('has an icon large enough for every system, with transparent corners', () => {
    const png = readFileSync(join(root, String(build.linux['icon'])));
    // The PNG header: width, height, bit depth, colour type 6 = RGBA.
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([512, 512, 8, 6]);
  });

  it('fetches and publishes nothing by itself', () => {
    expect(build['npmRebuild']).toBe(false);
    expect(build['publish']).toBeNull();
  });
});

describe('the package', () => {
  let folder: string;
  let unpacked: string;
  let files: string[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'overfit-package-'));
    // Enough of an Electron for the packager; fuses are bits in the real binary, so they are left out here.
    const fakeElectron = join(folder, 'electron');
    mkdirSync(join(fakeElectron, 'locales'), { recursive: true });
    mkdirSync(join(fakeElectron, 'resources'));
    for (const name of ['electron', 'version', 'LICENSE', 'LICENSES.chromium.html'])
      writeFileSync(join(fakeElectron, name), name);
    for (const locale of ['en-US', 'zh-CN', 'de', 'fr'])
      writeFileSync(join(fakeElectron, 'locales', `${locale}.pak`), '');
    const configuration = join(folder, 'builder.json');
    const output = join(folder, 'dist');
    const directories = { ...(build['directories'] as object), output };
    writeFileSync(
      configuration,
      JSON.stringify({ ...build, electronDist: fakeElectron, electronFuses: null, directories }),
    );
    const builder = join(root, 'node_modules/electron-builder/cli.js');
    execFileSync(process.execPath, [builder, '--linux', 'dir', '--x64', '--config', configuration], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    unpacked = join(output, 'linux-unpacked');
    files = packedFiles(readFileSync(join(unpacked, 'resources', 'app.asar')));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('holds everything that the app starts', () => {
    for (const file of [
      manifest.main,
      'out/main/engine-server.js',
      'out/main/engine-trainer.js',
      'out/main/engine-thread.js',
      'out/preload/preload.cjs',
      'out/renderer/index.html',
      'assets/icons/icon.png',
      'package.json',
      'LICENSE',
    ])
      expect(files).toContain(`/${file}`);
  });

  it('holds no sources, maps, tests or modules', () => {
    expect(
      files.filter((file) => /\.(ts|svelte|map)$|^\/(node_modules|test|engine|main|renderer)(\/|$)/.test(file)),
    ).toEqual([]);
  });

  it('brings only the languages of the app', () => {
    expect(readdirSync(join(unpacked, 'locales')).sort()).toEqual(['en-US.pak', 'zh-CN.pak']);
  });

  it('is started under a plain name', () => {
    expect(existsSync(join(unpacked, 'overfit-lab'))).toBe(true);
  });
});
