using OpenAI.Responses;

namespace CodingAgent.Model;

/// <summary>Hears of an answer while it is coming.</summary>
internal interface IModelListener
{
    /// <summary>A piece of a message.</summary>
    void TextArrived(string delta);

    /// <summary>An output item has arrived whole.</summary>
    void ItemArrived(ResponseItem item);

    /// <summary>An attempt failed and there will be another.</summary>
    void Retrying(Exception exception, TimeSpan delay);
}
