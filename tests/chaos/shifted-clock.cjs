// Preloaded by a process whose clock jumps: `Date` is shifted by the milliseconds in a file of its home.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const RealDate = Date
const file = join(process.env.SLIPWAY_HOME ?? '.', 'clock')
let shift = 0
setInterval(() => {
  try {
    shift = Number(readFileSync(file, 'utf8'))
  } catch {
    shift = 0
  }
}, 100).unref()
globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shift)
    else super(...given)
  }
  static now() {
    return RealDate.now() + shift
  }
}
