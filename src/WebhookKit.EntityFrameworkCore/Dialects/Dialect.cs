namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>How the statements of dispatch are written.</summary>
internal enum Dialect
{
    /// <summary>LINQ that every relational provider translates.</summary>
    Portable = 0,

    PostgreSql = 1,

    Sqlite = 2,
}
