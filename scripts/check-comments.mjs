// Comment lines have at most 120 columns. The formatter leaves comments as they are.
// `node scripts/check-comments.mjs [FILE …]` checks the given files; without files it checks the repository.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const WIDEST = 120
const COMMENT = /^\s*(\/\/|\/?\*)/

const given = process.argv.slice(2)
const files = given.length > 0 ? given : tracked()
const problems = files.flatMap(problemsIn)
for (const problem of problems) console.error(problem)
if (files.length === 0 || problems.length > 0) process.exit(1)
console.log(`comments of ${files.length} files have at most ${WIDEST} columns`)

function tracked() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.js', '*.mjs']
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean)
}

function problemsIn(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      // Characters, not UTF-16 units: formulas have letters of two.
      const columns = COMMENT.test(line) ? Array.from(line).length : 0
      return columns > WIDEST ? [`${file}:${index + 1}: a comment of ${columns} columns; wrap it at ${WIDEST}`] : []
    })
}
