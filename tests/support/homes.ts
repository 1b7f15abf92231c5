/** Folders for SLIPWAY_HOME that other accounts may enter, so that an embedded database keeps its data inside. */
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function openHome(name = 'home'): string {
  const home = mkdtempSync(join(tmpdir(), `slipway-${name}-`))
  chmodSync(home, 0o755)
  return home
}
