import { SPEECH } from '../../../../../schema/words/languages.js'
import type { Found } from '../mistake.js'
import { numberIn, type FileTexts, type MistakeTexts, type YamlTexts } from './texts.js'

const number = numberIn(SPEECH.zh.locale)
const shown = (found: Found): string =>
  found.as === 'text' ? `“${found.text}”` : found.as === 'list' ? '列表' : '映射'
const meant = ({ near, known }: { near: string | null; known: readonly string[] }, thereAre: string): string =>
  near === null ? `${thereAre}：${known.join('、')}。` : `您是不是想写“${near}”？`

const YAML: YamlTexts = {
  ALIAS_PROPS: '别名不能再带锚点或标签',
  BAD_ALIAS: '锚点或别名写法有误',
  BAD_COLLECTION_TYPE: '类型标签与其后的内容不符',
  BAD_DIRECTIVE: '指令（%）写法有误',
  BAD_DQ_ESCAPE: '转义序列无效',
  BAD_INDENT: '缩进有误，或括号没有闭合',
  BAD_PROP_ORDER: '锚点或类型标签写在了指示符之前',
  BAD_SCALAR_START: '不带引号的值不能以此字符开头',
  BLOCK_AS_IMPLICIT_KEY: '嵌套的键写在了同一行',
  BLOCK_IN_FLOW: '方括号或花括号内不能使用缩进块',
  DUPLICATE_KEY: '键重复',
  IMPOSSIBLE: '结构无法解析',
  KEY_OVER_1024_CHARS: '键超过 1,024 个字符',
  MISSING_CHAR: '缺少符号，例如引号、逗号、冒号、括号或空格',
  MULTILINE_IMPLICIT_KEY: '键占了多行',
  MULTIPLE_ANCHORS: '同一个值带有多个锚点',
  MULTIPLE_DOCS: '文本中有多个文档',
  MULTIPLE_TAGS: '同一个值带有多个类型标签',
  NON_STRING_KEY: '键不是文本',
  RESOURCE_EXHAUSTION: '嵌套过深',
  TAB_AS_INDENT: '缩进使用了制表符',
  TAG_RESOLVE_FAILED: '类型标签未知，或与值不符',
  UNEXPECTED_TOKEN: '此处出现了不该有的符号',
}

const FILE: FileTexts = {
  ENOENT: '文件不存在',
  EACCES: '没有访问权限',
  EISDIR: '这是一个文件夹',
}

export const zh: MistakeTexts = {
  'rule': '规则',
  'end': '。',
  'between': '；',
  'no-rule': ({ name }) => `必须是至少包含 ${name} 和 expr 的映射`,
  'promql': () =>
    '是一段文本。Faultline 在这里需要字段，而不是 PromQL，例如 {kind: count, where: {status: 403}, window: 5m, above: 100}',
  'no-expr': () => '缺失。它说明要监视什么，例如 {kind: ratio, errors: {class: 5xx}, window: 5m, above: 5%}',
  'missing'({ reads, words, example }) {
    if (reads === 'word') return `缺失，可选值：${words.join('、')}`
    if (reads === 'duration' || reads === 'window') return '缺失，应为时长，例如 5m'
    if (reads === 'number') return `缺失，应为数字${example === null ? '' : `，例如 ${example}`}`
    if (reads === 'share') return `缺失，应为比例或百分比，例如 ${example ?? 0.05}`
    if (reads === 'filters') return `缺失，至少需要一个筛选条件${example === null ? '' : `，例如 ${example}`}`
    return example === null ? '缺失' : `缺失，例如 ${example}`
  },
  'unknown-key': (of) => `这里没有“${of.key}”这一项。${meant(of, '可用的有')}`,
  'no-text': () => '必须是文本',
  'too-long': ({ length, most }) => `有 ${number(length)} 个字符，上限为 ${number(most)} 个`,
  'no-link': () => '必须是以 https:// 或 http:// 开头的链接',
  'no-texts': () => '必须是文本列表',
  'no-flag': () => '必须是 true 或 false',
  'unknown-word': (of) => `${shown(of.found)}不是可用的值。${meant(of, '可选值')}`,
  'no-number'({ found, from, to, between, percent }) {
    const limits = to === null ? `不小于 ${number(from ?? 0)} 的数字` : `${number(from ?? 0)} 到 ${number(to)} 的数字`
    const wanted = between
      ? `大于 ${from} 且小于 ${to} 的数字，例如 ${between.example}${percent === null ? '' : ` 或 ${percent}`}`
      : `${limits}${percent === null ? '' : `，或 ${percent} 这样的百分比`}`
    return `必须是${/^\d/.test(wanted) ? ' ' : ''}${wanted}，而不是 ${found}`
  },
  'no-duration': ({ found }) => `${found} 不是时长，请写成 90s、5m 或 1h30m 这样的形式`,
  'duration-out-of-range': ({ least, most }) => `必须在 ${least} 到 ${most} 之间`,
  'no-whole-minutes': () => '必须是整分钟数',
  'too-many-dimensions': ({ most }) => `最多${most === 2 ? '两' : ` ${number(most)} `}个维度`,
  'no-dimension': (of) => `${shown(of.found)}不是维度。${meant(of, '可用的维度')}`,
  'no-labels': () => '必须是由名称和文本组成的映射',
  'no-label-name': () => '不是有效的标签名：只能使用字母、数字和 _，且不能以数字开头',
  'label-of-rule': ({ name }) => `由规则自身设定${name === 'severity' ? '：请改为填写 severity' : ''}`,
  'no-list': ({ least, most, example }) => `必须是包含 ${number(least)} 到 ${number(most)} 项的列表，例如 ${example}`,
  'recover-over': ({ above }) => `不能高于阈值（${number(above)}）：否则仍超过阈值时告警就会结束`,
  'no-where': () => '必须是由筛选条件和值组成的映射，例如 {status: 403, host: www.example.com}',
  'no-values': () => '必须是一个值或一个值列表',
  'no-filter': (of) => `“${of.name}”不是筛选条件。${meant(of, '可用的筛选条件')}`,
  'empty-list': () => '列表为空：不会匹配任何请求',
  'too-many-values': ({ count, most }) => `共有 ${number(count)} 个值，超过了 ${number(most)} 个的上限`,
  'no-audience': ({ found }) => `“${found}”不是可用的值，请填写 true、false 或 all`,
  'visitor-in-errors': () => '应写在 where 中',
  'no-errors': () => '没有任何筛选条件：所有请求都会算作错误',
  'file-unreadable': ({ path, error }) =>
    `无法读取规则文件 ${path}（${FILE[error.code as keyof FileTexts] ?? error.code}）。其中的规则照旧生效。`,
  'file-too-large': ({ kilobytes }) => `文件超过 ${number(kilobytes)} kB`,
  'no-yaml': ({ code }) => `不是有效的 YAML：${YAML[code]}`,
  'bad-aliases': ({ isTooMany }) =>
    isTooMany ? '无法使用：YAML 别名过多' : '不是有效的 YAML：别名所指的锚点未在其之前定义',
  'no-groups': () => '缺少 groups：它是一个列表，每一项都有名称（name）和规则列表（rules）',
  'no-group': () => '必须有名称（name）和规则列表（rules）',
  'interval': () => '在这里不起作用：规则按事件时间每分钟评估一次。请删除',
  'recording-rule': () => '是记录规则：这里只能有告警规则',
  'name-taken': ({ name }) => `另有一条规则也叫“${name}”`,
}
