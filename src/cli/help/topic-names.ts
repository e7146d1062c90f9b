export const topicNames = [
  'filters',
  'dates',
  'columns',
  'formats',
  'flags',
  'environment',
  'exit-codes',
  'cron',
  'sync',
] as const;
export type TopicName = (typeof topicNames)[number];
