"""An agent of another language, with nothing but its standard library: it asks, does what it is asked for, and says the answer.

agent.py BASE_URL chat|responses whole|stream
"""
import json
import sys
import urllib.error
import urllib.request

base, api, how = sys.argv[1:4]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
WEATHER = {"name": "weather", "description": "Tells the weather.", "parameters": SCHEMA}


def post(path, body):
    body["stream"] = how == "stream"
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json", "Authorization": "Bearer none"})
    try:
        with urllib.request.urlopen(request, timeout=100) as answer:
            if how != "stream":
                return json.load(answer)
            return [json.loads(line[6:]) for line in answer.read().decode().split("\n") if line.startswith("data: ") and line != "data: [DONE]"]
    except urllib.error.HTTPError as refused:
        sys.exit(f"{refused.code}: {json.load(refused)['error']['message']}")


def chat(messages):
    answer = post("chat/completions", {"model": "m", "temperature": 0.2, "tools": [{"type": "function", "function": WEATHER}], "messages": messages})
    if how != "stream":
        message = answer["choices"][0]["message"]
        return message.get("content") or "", [(c["id"], c["function"]["name"], c["function"]["arguments"]) for c in message.get("tool_calls") or []]
    text, calls = "", {}
    for chunk in answer:
        for delta in (choice["delta"] for choice in chunk["choices"]):
            text += delta.get("content") or ""
            for call in delta.get("tool_calls") or []:
                known = calls.setdefault(call["index"], ["", "", ""])
                known[0] += call.get("id") or ""
                known[1] += call.get("function", {}).get("name") or ""
                known[2] += call.get("function", {}).get("arguments") or ""
    return text, [tuple(call) for call in calls.values()]


def responses(items):
    body = {"model": "m", "instructions": "Be short.", "temperature": 0.2, "tools": [{"type": "function", "strict": False, **WEATHER}], "input": items}
    answer = post("responses", body)
    output = answer["output"] if how != "stream" else [event["item"] for event in answer if event["type"] == "response.output_item.done"]
    text = "".join(part["text"] for item in output if item["type"] == "message" for part in item["content"])
    return text, [(item["call_id"], item["name"], item["arguments"]) for item in output if item["type"] == "function_call"]


history = [{"role": "user", "content": "How is Rome?"}]
if api == "chat":
    history.insert(0, {"role": "system", "content": "Be short."})
for _ in range(5):
    said, calls = (chat if api == "chat" else responses)(history)
    if not calls:
        print(said)
        break
    if api == "chat":
        history.append({"role": "assistant", "content": said, "tool_calls": [{"id": id, "type": "function", "function": {"name": name, "arguments": arguments}} for id, name, arguments in calls]})
    for id, name, arguments in calls:
        city = json.loads(arguments)["city"]
        print(f"{name} {city}", file=sys.stderr)
        result = "22 degrees"
        if api == "chat":
            history.append({"role": "tool", "tool_call_id": id, "content": result})
        else:
            history.append({"type": "function_call", "call_id": id, "name": name, "arguments": arguments})
            history.append({"type": "function_call_output", "call_id": id, "output": result})
