/** Prints the name that `--by` has by default. */
import { byOption } from '../../cli/runtime/by-option.js'

process.stdout.write(String(byOption().defaultValue))
