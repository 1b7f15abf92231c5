import { userInfo } from 'node:os'
import { Option } from 'commander'

/** `--by` of commands that need no proven name: by default the user of the operating system. */
export const byOption = (): Option =>
  new Option('--by <who>', 'your name; recorded in the ledger').default(userInfo().username, 'the current user')
