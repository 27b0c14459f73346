/** The document of the page; README.md says what each member means. */
type Run = [number, number];

interface Usage { input_tokens: number; cached_input_tokens: number; cache_write_input_tokens: number; output_tokens: number; reasoning_output_tokens: number }

interface ViewNode {
  kind: string; id: string; name?: string; status: string; is_failure?: boolean; started_at_unix_ms: number; started_seq: number;
  duration_ms?: number; usage?: Usage; preview?: string; error?: string; error_whole?: number; parent?: number;
}

interface Thread { id: string; agent_path: string; nickname?: string; model?: string; process?: number; parent?: number; spawned_by?: string; items: Run[] }

interface Process { name: string; rollout_id: string; recordings: { trace_id: string; shift_ms: number }[] }

interface Part { type: string; text?: string; language?: string; label?: string; length?: number; json?: string }

interface Item {
  id: string; thread?: number; role: string; kind: string; channel?: string; call_id?: string; name?: string; author?: string; recipient?: string;
  origin: string; origin_tool?: string; bytes: number; at: number; tool?: string; cell?: string; repeats?: number; parts?: Part[];
}

interface Given { dialect: string; instructions_bytes: number; instructions?: number; tools: number; parameters: number }

interface Miss { before: string; cause: string; reason?: string; pause_ms?: number; expected_tokens: number; missed_tokens: number }

interface Request {
  id: string; thread: number; turn: string; model: string; provider: string; response_id?: string; is_unknown?: boolean;
  keep: number; items: Run[]; new?: Run[]; gone?: Run[]; response: Run[]; compactions?: string[]; given?: Given; miss?: Miss;
}

interface Tool { id: string; thread?: number; name: string; kind: string; cell?: string; operation?: string; calls: Run[]; outputs: Run[] }

type Output = string | [number, number, number, number];

interface Operation {
  id: string; kind: string; terminal?: string; tool: string; exit_code?: number; command?: string; cwd?: string; stdin?: string; stdout?: Output; stderr?: Output;
}

interface Cell { id: string; thread?: number; source: number; outputs: Run[]; tools: string[]; waits: string[] }

interface Compaction { id: string; thread: number; turn: string; at: number; marker: number; input: Run[]; replacement: Run[]; gone: Run[]; stayed: Run[]; requests: string[] }

interface Anchor { thread?: number; id: string }

interface Edge { id: string; kind: string; at: number; ended_at?: number; source: Anchor; target: Anchor; carried: Run[] }

type EvidencePlace = string | number;

interface Thing { kind: string; id: string; names?: string[]; text?: string; how?: string; cause?: number; evidence?: EvidencePlace[]; effects?: [number, string?, string?][] }

interface Finding { code: string; subject: string; message?: string; evidence?: EvidencePlace[] }

interface Diagnostic { severity: string; code: string; message?: string; seq?: number; line: number; count?: number }

interface ViewDocument {
  format: string; version: number; has_content: boolean;
  rollout: { rollout_id: string; trace_id: string; bundle?: string; status: string; status_evidence?: string; started_at_unix_ms: number; ended_at_unix_ms?: number; usage?: Usage };
  nodes: ViewNode[]; threads: Thread[]; processes?: Process[]; turns: { id: string; thread?: number }[]; items: Item[]; requests: Request[]; tools: Tool[]; operations: Operation[]; cells: Cell[];
  compactions: Compaction[]; edges: Edge[]; things: Thing[]; findings: Finding[]; why_it_matters: Record<string, string>; diagnostics: Diagnostic[]; texts: string[];
}

interface State { panel: string; thread: number; request: number | null; thing: number | null; onlyNew: boolean; query: string }
