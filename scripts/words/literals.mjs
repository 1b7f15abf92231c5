/**
 * Strings and templates of a TypeScript file that people may read. Left out: texts without a space (names, keys,
 * values), SQL, and lines marked `words: fixed`, which hold names that cannot change.
 */
export function literalsOf(ts, file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true)
  const fixed = new Set(source.split('\n').flatMap((line, index) => (line.includes('words: fixed') ? [index + 1] : [])))
  const found = []
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(tree).startsWith('sql')) return
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) add(node)
    ts.forEachChild(node, visit)
  }
  const add = (node) => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
    if (/\S\s+\S/.test(node.text) && !fixed.has(line))
      found.push({ line, text: node.text.replaceAll(/\s+/g, ' ').trim() })
  }
  visit(tree)
  return found
}
