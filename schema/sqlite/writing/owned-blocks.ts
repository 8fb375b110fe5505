/** Blocks of several parts, opened. Those of small posts were read together and share a buffer: it is opened once. */
import type { Block } from '../../store/block.js'
import { columnsFrom, openBlock, openColumns, type MovingBlock } from '../../store/moving-block.js'

/** A block, and whose its rows are, one after the other. */
export interface OwnedBlock {
  block: Block
  owners: readonly { part: number; rows: number }[]
}

type Share = MovingBlock & { shared: { first: number; rows: number }; part: number }

/** `parts`: the blocks of each. Rows of one buffer that stand side by side are one block, whatever parts they are of. */
export function openOnce(parts: readonly (readonly MovingBlock[])[]): OwnedBlock[] {
  const out: OwnedBlock[] = []
  const byBuffer = new Map<ArrayBuffer, Share[]>()
  parts.forEach((blocks, part) => {
    for (const block of blocks) {
      const { shared } = block
      if (shared === undefined) {
        out.push({ block: openBlock(block), owners: [{ part, rows: block.rows }] })
        continue
      }
      const shares = byBuffer.get(block.buffer)
      if (shares) shares.push({ ...block, shared, part })
      else byBuffer.set(block.buffer, [{ ...block, shared, part }])
    }
  })
  for (const [buffer, shares] of byBuffer) {
    const columns = openColumns(buffer, shares[0].shared.rows)
    for (const run of runsOf(shares)) {
      const rows = run.reduce((sum, share) => sum + share.rows, 0)
      const oddRays = new Map<number, string>()
      const [{ shared: start }] = run
      for (const { shared, oddRays: own } of run)
        for (const [row, text] of own) oddRays.set(shared.first - start.first + row, text)
      out.push({ block: { rows, oddRays, ...columnsFrom(columns, start.first, rows) }, owners: run })
    }
  }
  return out
}

function runsOf(shares: Share[]): Share[][] {
  const runs: Share[][] = []
  let end = -1
  for (const share of shares.sort((a, b) => a.shared.first - b.shared.first)) {
    if (share.shared.first === end) runs[runs.length - 1].push(share)
    else runs.push([share])
    end = share.shared.first + share.rows
  }
  return runs
}
