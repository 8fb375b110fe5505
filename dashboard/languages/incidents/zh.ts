/** 任意时段的解释、标注与事故，中文。 */
import type { IncidentTexts } from './en.js'

export const incidents: IncidentTexts = {
  brush: {
    label: (interval) => `已选：${interval}`,
    zoom: '放大',
    explain: '有什么变化？',
    annotate: '添加标注',
    compare: '与该时段对比',
    freeze: '存档为事故',
  },
  explain: {
    title: '有什么变化',
    why: (value) => `为什么是 ${value}？`,
    calm: '该时段在这些筛选条件下没有错误，无需解释。',
    against: '与此前相比',
  },
  annotations: {
    title: '标注',
    lead: '同期发生的事：部署、活动、维护。标注会出现在每张图上，突增也会说明它之前刚发生了什么。',
    write: '新建标注',
    change: '标注',
    text: '内容',
    textNeeded: '请写明发生了什么。',
    timeNeeded: '请写明发生的时间。',
    kind: '类型',
    kinds: ['部署', '配置', '活动', '维护', '事故'],
    kindHint: '用您自己的词，便于查找',
    everyKind: '所有类型',
    url: '链接',
    urlWrong: '链接须以 https:// 或 http:// 开头。',
    hostHint: '留空表示涉及所有主机',
    author: '作者',
    by: (author, time) => (author === '' ? `写于 ${time}` : `${author} 写于 ${time}`),
    search: '搜索标注',
    none: '还没有任何标注。',
    figures: '查看前后的数据',
    ci: '由部署流程写入',
    ciHint: '在流水线末尾执行一条命令即可。若本服务未设令牌，请去掉第一个请求头。',
  },
  count: (_n, text) => `${text} 起事故`,
}
