export const topicNames = [
  'filters',
  'dates',
  'columns',
  'formats',
  'flags',
  'environment',
  'exit-codes',
  'cron',
] as const;
export type TopicName = (typeof topicNames)[number];
