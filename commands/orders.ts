import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import type { OrderRow } from '../src/chat/desk.ts'
import { cents, clean, clock, counted, dollars, shareCount, shorten } from '../src/chat/format.ts'
import { optional, whole } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

const SHOWN = 12

export default command({
  name: 'orders',
  summary: 'The latest orders with their states, open ones first.',
  access: 'viewer',
  options: { most: optional(whole('How many.', { min: 1, max: 20 })) },
  async run({ most }, { desk }) {
    const orders = await desk.orders(most ?? SHOWN)
    const mark = badge(desk.status().isSimulated)
    if (orders.length === 0) return reply(`${mark} · no order was sent yet`)
    return reply(`${mark} · the latest ${counted(orders.length, 'order')}, ${desk.status().openOrders} open in all`)
      .table(['Id', 'When', 'Order', 'Market', 'Filled', 'Came to', 'State'], orders.map(row))
      .note('`why id` tells the whole story of one.')
  },
})

function row(order: OrderRow): readonly string[] {
  const sign = order.side === 'buy' ? '≤' : '≥'
  return [
    order.short,
    clock(order.plannedAt),
    `${order.side} ${clean(order.outcome, 20)} ${sign}${cents(order.limit)}`,
    shorten(clean(order.title), 36),
    `${shareCount(order.filled)} of ${shareCount(order.size)}`,
    `${dollars(order.notional)} + ${dollars(order.fee)} fee`,
    clean(order.status, 20),
  ]
}
