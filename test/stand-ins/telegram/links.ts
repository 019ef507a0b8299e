import type { User } from './wire.ts'

/** What makes an address a link. The list of domains is a part of Telegram's, with every country in it. */

const WORD_DOMAINS: ReadonlySet<string> = new Set(
  (
    'aero agency app art asia bar best bet bid biz blog casino cash cat center chat city click cloud club codes com community company ' +
    'coop cyou dev digital directory download edu email eth exchange express finance financial fund fun games gift global gold gov ' +
    'group guru host icu info int invest investments jobs life link live lol loan market marketing media mil mobi money monster museum ' +
    'name net network news ninja online onion org page party plus poker press pro promo pub qpon quest racing red ren rest review ' +
    'rocks run sale sbs science services shop show site social software solutions space store stream studio support systems team tech ' +
    'tel ton today tokyo top tours trade trading travel tube ventures video vip wallet watch website wiki win work works world wtf ' +
    'xyz zip zone xn--p1ai xn--80asehdb xn--80aswg рф онлайн сайт орг ком дети москва'
  ).split(' '),
)

/** Whether a bare `name.domain` is taken for a link. `Hello.World` is none: a domain is not capitalised as a word is. */
export function isDomain(word: string): boolean {
  const lower = word.toLowerCase()
  if (lower !== word && lower.slice(1) === word.slice(1)) return false
  return WORD_DOMAINS.has(lower) || /^[a-z]{2}$/.test(lower)
}

/** The address that a link leads to, or `undefined` where Telegram would drop the link and keep its text. */
export function checkedLink(link: string): string | undefined {
  const trimmed = link.trim()
  if (/^(?:tg|ton|tonsite):\/?\/?\S+$/i.test(trimmed)) return trimmed
  const hasProtocol = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) && !/^[^/:]+:\d+(?:[/?#]|$)/.test(trimmed)
  if (hasProtocol && !/^https?:\/\//i.test(trimmed)) return undefined
  const address = hasProtocol ? trimmed : `http://${trimmed}`
  if (!URL.canParse(address)) return undefined
  const { hostname, href } = new URL(address)
  return hostname.includes('.') ? href : undefined
}

/** The person that `tg://user?id=…` mentions; only the id is known here. */
export function mentionedUser(link: string): User | undefined {
  const id = /^tg:(?:\/\/)?user\?id=(\d{1,16})$/i.exec(link.trim())?.[1]
  return id === undefined ? undefined : { id: Number(id), is_bot: false, first_name: '' }
}
