namespace WebhookKit.Handlers;

/// <summary>Undoes the claim of an event whose data our types cannot read; never leaves the receiver.</summary>
internal sealed class DataBindingException(Type dataType, string where)
    : WebhookException($"The data does not fit {dataType}: {where}.")
{
    public Type DataType => dataType;

    /// <summary>Where binding failed, without a word of the payload.</summary>
    public string Where => where;
}
