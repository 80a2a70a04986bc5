/** Why the roles of this project have inline policies. Acknowledge on the policy itself. */
export function inlinePolicyReasons(): Record<string, string> {
  const reason =
    'The policy belongs to one role of one resource and goes with it; a managed policy would outlive it and invite reuse.';
  return {
    'HIPAA.Security::HIPAA.Security-IAMNoInlinePolicy': reason,
    'NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy': reason,
    'PCI.DSS.321::PCI.DSS.321-IAMNoInlinePolicy': reason,
  };
}
