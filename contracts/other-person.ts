/** Who counts as another person, where a promotion needs the approval of one. */

/**
 * Names are typed and not verified. Case and spaces are ignored, so that a different spelling of one name is not
 * another person.
 */
export const personOf = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

/** The decision service adds the name of a token: `ana (token ci)`, or `token ci` for a caller that gave no name. */
const TOKEN = /(?:^token (\S+)|(?: \(token ([^)]*)\))+)$/

/**
 * Where one of them gave no name, the token is who it is.
 * @param besideTokens asked only where one has a token; false: as earlier builds compared them, the whole text
 */
export function isSamePerson(one: string, other: string, besideTokens: () => boolean = () => true): boolean {
  const [first, second] = [one, other].map(personOf) as [string, string]
  if (!TOKEN.test(first) && !TOKEN.test(second)) return first === second
  if (!besideTokens()) return first === second
  const [a, b] = [first, second].map((text) => {
    const [whole = '', alone, beside] = TOKEN.exec(text) ?? []
    return { name: text.slice(0, text.length - whole.length), token: alone ?? beside }
  }) as [Named, Named]
  return a.name !== '' && b.name !== '' ? a.name === b.name : a.token !== undefined && a.token === b.token
}

interface Named {
  readonly name: string
  readonly token: string | undefined
}

export const OTHER_PERSON = 'the policy requires the approval of another person (promotionApproval: other_person)'

/** The refusal of a promotion by the person who started the release, and what a page says of it before. */
export const startedByThem = (by: string): string => `${by} started this release; ${OTHER_PERSON}`

/** The refusal where names can be proven, and that of the person who started the release is stated. */
export const startedByStated = (by: string): string =>
  `${by}, who started it, is stated, not proven, and the policy requires another person (promotionApproval: other_person); start a release through the decision service, with a token of its own`
