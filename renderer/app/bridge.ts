import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient, InferContractRouterInputs } from '@orpc/contract';
import { QueryClient } from '@tanstack/react-query';
import type { Contract } from '../../shared/bridge/contract.ts';
import { isProblem } from '../ui/problem.ts';
import { transport } from './transport.ts';

/** The replica as the renderer calls it: typed by the contract, over whatever connection the shell gives. */
export const bridge: ContractRouterClient<Contract> = createORPCClient(transport.link);

/** What each procedure takes, by its path. */
export type BridgeInputs = InferContractRouterInputs<Contract>;

/** Answers that do not change by themselves; live views are kept in here too, by `useLive`. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The replica is on this computer: what it answered stays true until something is changed here.
      staleTime: 30_000,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (failures, error) => !isProblem(error) && failures < 3,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
