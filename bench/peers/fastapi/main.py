"""The calls that are measured, as one would write them with FastAPI and SQLAlchemy: accounts with Argon2id and JWT, lists
nobody else can see, todos with the fields that Docket's have, on SQLite with the same durability.

Called as `main.py FILE PEOPLE PASSWORD`: makes the database with the people that a JSON file names, each with a list, its
todos, and lists to add to; tells where it listens, and serves.
"""

import json
import secrets
import socket
import sys
import uuid
from datetime import datetime, timedelta, timezone
from typing import Annotated

import jwt
import uvicorn
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey, Index, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

FILE, PEOPLE, PASSWORD = sys.argv[1:]
SECRET = secrets.token_hex(32)
# Docket's parameters.
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
engine = create_engine(f"sqlite:///{FILE}", connect_args={"check_same_thread": False})
sessions = sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine, "connect")
def durable(connection, _record):
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "busy_timeout = 5000"):
        connection.execute(f"pragma {pragma}")


def now() -> datetime:
    return datetime.now(timezone.utc)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]


class List(Base):
    __tablename__ = "lists"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]


class Todo(Base):
    __tablename__ = "todos"
    __table_args__ = (Index("todos_by_list", "list_id", "position", "id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lists.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    notes: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @property
    def done(self) -> bool:
        return self.done_at is not None


class TodoOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID
    list_id: uuid.UUID
    user_id: uuid.UUID
    title: str
    notes: str
    done: bool
    done_at: datetime | None
    position: int
    version: int
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    todos: list[TodoOut]
    next_cursor: str | None


class New(BaseModel):
    title: str = Field(min_length=1, max_length=500)


class Change(BaseModel):
    done: bool


class LogIn(BaseModel):
    login: str
    password: str
    cookies: bool = True


class Tokens(BaseModel):
    access_token: str
    token_type: str = "Bearer"


def database():
    with sessions() as session:
        yield session


Database = Annotated[Session, Depends(database)]


def signed_in(given: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())], db: Database) -> User:
    try:
        claims = jwt.decode(given.credentials, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    user = db.get(User, uuid.UUID(claims["sub"]))
    if user is None:
        raise HTTPException(401)
    return user


SignedIn = Annotated[User, Depends(signed_in)]
app = FastAPI()


@app.post("/api/v1/auth/log-in")
def log_in(given: LogIn, db: Database) -> Tokens:
    user = db.scalar(select(User).where(User.username == given.login))
    try:
        hasher.verify(user.password_hash if user else "", given.password)
    except VerifyMismatchError:
        raise HTTPException(401) from None
    claims = {"sub": str(user.id), "exp": now() + timedelta(hours=1)}
    return Tokens(access_token=jwt.encode(claims, SECRET, algorithm="HS256"))


def own_list(db: Session, user: User, list_id: uuid.UUID) -> List:
    found = db.scalar(select(List).where(List.id == list_id, List.user_id == user.id))
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/api/v1/lists/{list_id}/todos", response_model=Page)
def todos_of_list(list_id: uuid.UUID, user: SignedIn, db: Database, limit: int = 100):
    own_list(db, user, list_id)
    rows = db.scalars(select(Todo).where(Todo.list_id == list_id).order_by(Todo.position, Todo.id).limit(limit))
    return {"todos": rows.all(), "next_cursor": None}


@app.post("/api/v1/lists/{list_id}/todos", status_code=201, response_model=TodoOut)
def create(list_id: uuid.UUID, new: New, user: SignedIn, db: Database):
    own_list(db, user, list_id)
    last = db.scalar(select(func.max(Todo.position)).where(Todo.list_id == list_id)) or 0
    todo = Todo(list_id=list_id, user_id=user.id, title=new.title, position=last + 1)
    db.add(todo)
    db.commit()
    return todo


@app.patch("/api/v1/todos/{todo_id}", response_model=TodoOut)
def change(todo_id: uuid.UUID, change: Change, user: SignedIn, db: Database):
    todo = db.scalar(select(Todo).where(Todo.id == todo_id, Todo.user_id == user.id))
    if todo is None:
        raise HTTPException(404)
    todo.done_at = now() if change.done else None
    todo.version += 1
    db.commit()
    return todo


def seed(people: list[dict]):
    Base.metadata.create_all(engine)
    password_hash = hasher.hash(PASSWORD)
    with sessions() as db:
        for person in people:
            user, list_id = uuid.UUID(person["id"]), uuid.UUID(person["list"])
            db.add(User(id=user, username=person["login"], password_hash=password_hash))
            db.flush()
            db.add_all(List(id=uuid.UUID(id), user_id=user, name="This week") for id in [person["list"], *person["growing"]])
            db.flush()
            for number, id in enumerate(person["todos"]):
                title = f"Todo number {number}: write to somebody about it"
                db.add(Todo(id=uuid.UUID(id), list_id=list_id, user_id=user, title=title, position=number))
        db.commit()


if __name__ == "__main__":
    with open(PEOPLE) as people:
        seed(json.load(people))
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    server.run(sockets=[listener])
