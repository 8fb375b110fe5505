/** Explications d’une période quelconque, annotations et incidents, en français. */
import { pluralOf } from '../plural.js'
import type { IncidentTexts } from './en.js'

const plural = pluralOf('fr')

export const incidents: IncidentTexts = {
  brush: {
    label: (interval) => `Sélection\u202f: ${interval}`,
    zoom: 'Zoomer',
    explain: 'Qu’est-ce qui a changé\u202f?',
    annotate: 'Annoter',
    compare: 'Comparer à cette période',
    freeze: 'Figer comme incident',
  },
  explain: {
    title: 'Ce qui a changé',
    why: (value) => `Pourquoi ${value}\u202f?`,
    calm: 'Aucune erreur dans cette période avec ces filtres\u202f: il n’y a rien à expliquer.',
    against: 'comparé à la période précédente',
  },
  annotations: {
    title: 'Annotations',
    lead: 'Ce qui s’est passé par ailleurs\u202f: déploiements, campagnes, maintenances. Elles figurent sur chaque graphique, et les pics disent ce qui les a précédés de peu.',
    write: 'Nouvelle annotation',
    change: 'Annotation',
    text: 'Texte',
    textNeeded: 'Dites ce qui s’est passé.',
    timeNeeded: 'Dites quand c’était.',
    kind: 'Type',
    kinds: ['deploy', 'config', 'campagne', 'maintenance', 'incident'],
    kindHint: 'Un mot à vous pour les retrouver',
    everyKind: 'Tous les types',
    url: 'Lien',
    urlWrong: 'Un lien commence par https:// ou http://.',
    hostHint: 'Vide\u202f: tous les hôtes sont concernés',
    author: 'Par',
    by: (author, time) => (author === '' ? `Écrite le ${time}` : `Écrite par ${author}, le ${time}`),
    search: 'Chercher dans les annotations',
    none: 'Rien n’a encore été écrit.',
    figures: 'Les chiffres autour',
    ci: 'Depuis votre déploiement',
    ciHint: 'Une commande à la fin de la chaîne. Si ce service n’a pas de jeton, omettez le premier en-tête.',
  },
  count: (n, text) => `${text} ${plural(n, { one: 'incident', other: 'incidents' })}`,
}
