// Words that docs/glossary.md asks to avoid, in text that users read: pages, and string literals of the code.
// `node scripts/check-words.mjs [FILE …]` checks the given files; without files it checks the repository.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { avoidedWords, problemsOf } from './words/avoided.mjs'
import { literalsOf } from './words/literals.mjs'
import { proseOf } from './words/prose.mjs'

const words = avoidedWords(readFileSync('docs/glossary.md', 'utf8'))
const given = process.argv.slice(2)
const files = given.length > 0 ? given : tracked()
const problems = files.flatMap(problemsIn)

for (const { file, line, word, instead, text } of problems) {
  console.error(`${file}:${line}: "${word}" → ${instead}\n    ${text}`)
}
if (words.length === 0 || files.length === 0) {
  console.error('no words or no files were found; is docs/glossary.md in order?')
  process.exit(1)
}
if (problems.length > 0) process.exit(1)
console.log(`${files.length} files checked for ${words.length} words to avoid`)

/** The product's TypeScript and all pages. Tests and benchmarks are read by developers only. */
function tracked() {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.md'], {
    encoding: 'utf8',
  })
  return listed.split('\n').filter((file) => file !== '' && !/^(tests|bench)\//.test(file))
}

function problemsIn(file) {
  const source = readFileSync(file, 'utf8')
  const texts = file.endsWith('.md') ? proseOf(source) : literalsOf(ts, file, source)
  return texts.flatMap(({ line, text }) => problemsOf(words, text).map((problem) => ({ file, line, text, ...problem })))
}
