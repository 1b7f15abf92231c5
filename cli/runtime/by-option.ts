import { userInfo } from 'node:os'
import { Option } from 'commander'

/** `--by` of commands that need no proven name: by default the user of the operating system. */
export const byOption = (): Option =>
  new Option('--by <who>', 'your name; recorded in the ledger').default(currentUser(), 'the current user')

/** In a container a process often runs with an id that has no entry in /etc/passwd. */
function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER || String(process.getuid?.() ?? 'unknown')
  }
}
