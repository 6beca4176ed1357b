"""Reads Lua 5.2 source into a syntax tree of plain tuples, enough to look at every name the mod uses.

Expressions: `("name", line, name)`, `("member", line, object, name)`, `("index", line, object, key)`,
`("call", line, function, args)`, `("method", line, object, name, args)`, `("table", line, [(key or None, value)])`,
`("function", line, params, body)`, `("string", line, text)`, `("binary", line, operator, left, right)`,
`("unary", line, operand)` and `("constant", line, text)`; the key of a table's `name = value` is a string expression.

Statements: `("local", line, names, values)`, `("assign", line, targets, values)`, `("expression", line, call)`,
`("block", line, conditions, bodies)` for `do`, `if`, `while` and `repeat`, `("for", line, names, values, body)`,
`("return", line, values)` and `("jump", line)`. `function a.b() end` is an assignment, `local function f` a local.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Node = tuple[Any, ...]

_TOKEN = re.compile(
    r"""(?P<space>\s+|--\[(?P<c>=*)\[.*?\](?P=c)\]|--[^\n]*)
    |(?P<long>\[(?P<l>=*)\[(?P<longtext>.*?)\](?P=l)\])
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<number>0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<symbol>\.\.\.|\.\.|==|~=|<=|>=|::|[-+*/%^\#<>=(){}\[\];:,.])""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = set(
    "and break do else elseif end false for function goto if in local nil not or repeat return "
    "then true until while".split()
)
_BINARY = [{"or"}, {"and"}, {"<", ">", "<=", ">=", "~=", "=="}, {".."}, {"+", "-"}, {"*", "/", "%"}, {"^"}]
_BLOCK_ENDS = {"end", "else", "elseif", "until", ""}


class Token(NamedTuple):
    kind: str
    text: str
    line: int


def tokens(source: str) -> list[Token]:
    found, at, line = [], 0, 1
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match, f"line {line}: no Lua: {source[at : at + 20]!r}"
        text = match.group()
        kind = match.lastgroup if match["name"] or match["symbol"] else "string" if match["string"] else "constant"
        if match["long"]:
            found.append(Token("string", match["longtext"], line))
        elif match["string"]:
            found.append(Token("string", text[1:-1], line))
        elif not match["space"]:
            found.append(Token("keyword" if text in _KEYWORDS else str(kind), text, line))
        line += text.count("\n")
        at = match.end()
    return [*found, Token("end", "", line)]


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens, self.at = tokens(source), 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self, text: str | None = None) -> Token:
        token = self.now
        assert text is None or (token.text == text and token.kind != "string"), f"line {token.line}: no {text}: {token}"
        self.at += 1
        return token

    def accept(self, *texts: str) -> bool:
        if self.now.kind != "string" and self.now.text in texts:
            self.at += 1
            return True
        return False

    def block(self) -> list[Node]:
        body: list[Node] = []
        while self.now.kind == "string" or self.now.text not in _BLOCK_ENDS:
            statement = self.statement()
            if statement:
                body.append(statement)
        return body

    def closed(self, end: str = "end") -> list[Node]:
        body = self.block()
        self.take(end)
        return body

    def statement(self) -> Node | None:
        line, word = self.now.line, self.now.text
        if self.accept(";"):
            return None
        handler = getattr(self, f"_{word}", None) if self.now.kind == "keyword" else None
        if handler is not None:
            self.take()
            node: Node = handler(line)
            return node
        if self.accept("::"):
            self.take()
            self.take("::")
            return ("jump", line)
        targets = [self.suffixed()]
        while self.accept(","):
            targets.append(self.suffixed())
        if self.accept("="):
            return ("assign", line, targets, self.expressions())
        return ("expression", line, targets[0])

    def _break(self, line: int) -> Node:
        return ("jump", line)

    def _goto(self, line: int) -> Node:
        self.take()
        return ("jump", line)

    def _return(self, line: int) -> Node:
        ended = self.now.kind != "string" and self.now.text in (*_BLOCK_ENDS, ";")
        values = [] if ended else self.expressions()
        self.accept(";")
        return ("return", line, values)

    def _do(self, line: int) -> Node:
        return ("block", line, [], [self.closed()])

    def _while(self, line: int) -> Node:
        condition = self.expression()
        self.take("do")
        return ("block", line, [condition], [self.closed()])

    def _repeat(self, line: int) -> Node:
        body = self.closed("until")
        return ("block", line, [self.expression()], [body])

    def _if(self, line: int) -> Node:
        conditions, bodies = [self.expression()], []
        self.take("then")
        bodies.append(self.block())
        while not self.accept("end"):
            if self.accept("elseif"):
                conditions.append(self.expression())
                self.take("then")
            else:
                self.take("else")
            bodies.append(self.block())
        return ("block", line, conditions, bodies)

    def _for(self, line: int) -> Node:
        names = self.names()
        if not self.accept("="):
            self.take("in")
        values = self.expressions()
        self.take("do")
        return ("for", line, names, values, self.closed())

    def _function(self, line: int) -> Node:
        target: Node = ("name", line, self.take().text)
        method = False
        while self.now.text in (".", ":"):
            method = self.take().text == ":"
            target = ("member", line, target, self.take().text)
        return ("assign", line, [target], [self.function(line, method)])

    def _local(self, line: int) -> Node:
        if self.accept("function"):
            name = self.take().text
            return ("local", line, [name], [self.function(line)])
        names = self.names()
        return ("local", line, names, self.expressions() if self.accept("=") else [])

    def names(self) -> list[str]:
        found = [self.take().text]
        while self.accept(","):
            found.append(self.take().text)
        return found

    def function(self, line: int, method: bool = False) -> Node:
        self.take("(")
        params = ["self"] if method else []
        while not self.accept(")"):
            params.append(self.take().text)
            self.accept(",")
        return ("function", line, params, self.closed())

    def expressions(self) -> list[Node]:
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        return found

    def expression(self, level: int = 0) -> Node:
        if level == len(_BINARY):
            return self.unary()
        left = self.expression(level + 1)
        while self.now.kind in ("symbol", "keyword") and self.now.text in _BINARY[level]:
            operator = self.take()
            left = ("binary", operator.line, operator.text, left, self.expression(level + 1))
        return left

    def unary(self) -> Node:
        line = self.now.line
        if self.now.kind != "string" and self.accept("not", "-", "#"):
            return ("unary", line, self.expression(len(_BINARY) - 1))
        return self.simple()

    def simple(self) -> Node:
        token = self.now
        if token.kind == "string":
            return self.suffixed() if self.tokens[self.at + 1].text == ":" else ("string", token.line, self.take().text)
        if token.text == "{":
            return self.table()
        if self.accept("function"):
            return self.function(token.line)
        if token.kind == "constant" or token.text in ("nil", "true", "false", "..."):
            return ("constant", token.line, self.take().text)
        return self.suffixed()

    def suffixed(self) -> Node:
        token = self.take()
        node: Node
        if token.text == "(" and token.kind == "symbol":
            node = self.expression()
            self.take(")")
        else:
            assert token.kind in ("name", "string"), f"line {token.line}: no expression: {token}"
            node = (token.kind, token.line, token.text)
        while True:
            line, text = self.now.line, self.now.text
            if self.now.kind == "string" or text in ("(", "{"):
                node = ("call", line, node, self.arguments())
            elif self.accept("."):
                node = ("member", line, node, self.take().text)
            elif self.accept(":"):
                name = self.take().text
                node = ("method", line, node, name, self.arguments())
            elif self.accept("["):
                node = ("index", line, node, self.expression())
                self.take("]")
            else:
                return node

    def arguments(self) -> list[Node]:
        if self.now.kind == "string":
            token = self.take()
            return [("string", token.line, token.text)]
        if self.now.text == "{":
            return [self.table()]
        self.take("(")
        if self.accept(")"):
            return []
        found = self.expressions()
        self.take(")")
        return found

    def table(self) -> Node:
        line = self.take("{").line
        entries: list[tuple[Node | None, Node]] = []
        while not self.accept("}"):
            key: Node | None = None
            if self.accept("["):
                key = self.expression()
                self.take("]")
                self.take("=")
            elif self.now.kind == "name" and self.tokens[self.at + 1].text == "=":
                token = self.take()
                key = ("string", token.line, token.text)
                self.take("=")
            entries.append((key, self.expression()))
            self.accept(",", ";")
        return ("table", line, entries)


def parse(source: str) -> list[Node]:
    """The statements of a chunk.

    Raises:
        AssertionError: not Lua.
    """
    parser = _Parser(source)
    body = parser.block()
    parser.take("")
    return body
