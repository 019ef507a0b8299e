import { membership } from './person.ts'
import { badRequest, type Fields, Refusal, type User } from './wire.ts'
import { type Chat, createChat, happened, nextMessageId, type World, wireChat } from './world.ts'

/** A group that the bot is in, as its administrator unless a test says otherwise. */
export type Group = {
  readonly id: number
  readonly title: string
  /** How somebody, or the bot, stands in it: `administrator`, `member`, `left` and so on. */
  readonly setMember: (userId: number, status: string) => void
  /** Becomes a supergroup with another id; the bot is told in both, and the old one refuses everything. */
  readonly migrate: (id: number) => Group
  /** Throws the bot out, or takes it in again; the bot is told. */
  readonly expel: () => void
  readonly readmit: () => void
}

export type GroupOptions = {
  /** Negative; with `-100` before it a supergroup's. */
  readonly id: number
  readonly title: string
  /** Makes it a forum with these topics, by `message_thread_id`. */
  readonly topics?: Readonly<Record<number, string>>
}

/** Who does to a group what no person of the test does. */
const OWNER: User = { id: 1, is_bot: false, first_name: 'Owner' }

/** Founds a group with the bot in it. */
export function createGroup(world: World, { id, title, topics = {} }: GroupOptions): Group {
  const isForum = Object.keys(topics).length > 0
  const chat = createChat(id, isForum || String(id).startsWith('-100') ? 'supergroup' : 'group', title)
  for (const [topic, name] of Object.entries(topics)) chat.topics.set(Number(topic), name)
  chat.members.set(world.bot.id, 'administrator')
  world.chats.set(id, chat)
  world.changes.tell()

  const move = (status: 'kicked' | 'administrator', before: string) => {
    chat.closed = status === 'kicked' ? kickedFrom(chat) : undefined
    chat.members.set(world.bot.id, status)
    happened(world, chat, { kind: 'noted', note: `the bot is ${status} now` })
    world.inbox.add('my_chat_member', membership(world, chat, OWNER, before, status))
  }
  return {
    id,
    title,
    setMember: (userId, status) => {
      chat.members.set(userId, status)
      world.changes.tell()
    },
    migrate: newId => migrate(world, chat, newId),
    expel: () => move('kicked', 'administrator'),
    readmit: () => move('administrator', 'kicked'),
  }
}

function kickedFrom({ type }: Chat): Refusal {
  return new Refusal(403, `Forbidden: bot was kicked from the ${type} chat`)
}

function migrate(world: World, old: Chat, id: number): Group {
  const group = createGroup(world, { id, title: old.title })
  old.closed = badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: id })
  happened(world, old, { kind: 'noted', note: `the group is the supergroup ${id} now` })
  serve(world, old, { migrate_to_chat_id: id })
  const fresh = world.chats.get(id)
  if (fresh !== undefined) serve(world, fresh, { migrate_from_chat_id: old.id })
  return group
}

/** A message that nobody wrote, and that only the bot is told of. */
function serve(world: World, chat: Chat, what: Fields): void {
  world.inbox.add('message', {
    message_id: nextMessageId(world, chat),
    from: OWNER,
    chat: wireChat(world, chat),
    date: Math.floor(world.now() / 1_000),
    ...what,
  })
}
