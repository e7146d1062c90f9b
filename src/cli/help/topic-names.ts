export const topicNames = ['environment', 'exit-codes', 'filters', 'formats', 'cron'] as const;
export type TopicName = (typeof topicNames)[number];
